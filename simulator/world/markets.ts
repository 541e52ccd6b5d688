/** Where accounts advertise from: one row for each place in a block of thirty accounts. */

export interface Market {
  readonly country: string;
  readonly currency: string;
  readonly zone: string;
  /** Meta's number for the zone; invented, but one per zone. */
  readonly zoneId: number;
}

const ROWS: readonly (readonly [string, string, string, number])[] = [
  ['US', 'USD', 'America/New_York', 7],
  ['US', 'USD', 'America/New_York', 7],
  ['US', 'USD', 'America/New_York', 7],
  ['US', 'USD', 'America/Chicago', 6],
  ['US', 'USD', 'America/Chicago', 6],
  ['US', 'USD', 'America/Los_Angeles', 1],
  ['US', 'USD', 'America/Los_Angeles', 1],
  ['US', 'USD', 'America/Los_Angeles', 1],
  ['US', 'USD', 'America/Denver', 2],
  ['US', 'USD', 'America/Phoenix', 5],
  ['US', 'USD', 'Pacific/Honolulu', 3],
  ['UK', 'USD', 'Europe/London', 58],
  ['SG', 'USD', 'Asia/Singapore', 128],
  ['IN', 'USD', 'Asia/Kolkata', 71],
  ['AU', 'USD', 'Australia/Sydney', 14],
  ['AE', 'USD', 'Asia/Dubai', 8],
  ['NZ', 'USD', 'Pacific/Auckland', 106],
  ['HK', 'USD', 'Asia/Hong_Kong', 62],
  ['DE', 'EUR', 'Europe/Berlin', 47],
  ['FR', 'EUR', 'Europe/Paris', 57],
  ['ES', 'EUR', 'Europe/Madrid', 54],
  ['UK', 'GBP', 'Europe/London', 58],
  ['BR', 'BRL', 'America/Sao_Paulo', 25],
  ['JP', 'JPY', 'Asia/Tokyo', 79],
  ['KR', 'KRW', 'Asia/Seoul', 83],
  ['VN', 'VND', 'Asia/Ho_Chi_Minh', 140],
  ['ID', 'IDR', 'Asia/Jakarta', 66],
  ['CA', 'CAD', 'America/Toronto', 36],
  ['MX', 'MXN', 'America/Mexico_City', 96],
  ['PL', 'PLN', 'Europe/Warsaw', 113],
];

export const MARKETS: readonly Market[] = ROWS.map(([country, currency, zone, zoneId]) => ({
  country,
  currency,
  zone,
  zoneId,
}));

export const NICHES = ['Finance', 'Insurance', 'Health', 'Auto', 'Travel', 'Solar', 'Legal', 'Jobs'] as const;
