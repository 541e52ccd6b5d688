/** Forty zones with every habit: half hours, quarters, both hemispheres, clocks that skip midnight or meet it twice. */
export const zones =
  'UTC America/Los_Angeles America/New_York America/Sao_Paulo America/Santiago America/St_Johns America/Havana America/Asuncion America/Mexico_City America/Bogota Atlantic/Azores Europe/London Europe/Berlin Europe/Moscow Europe/Istanbul Europe/Chisinau Africa/Cairo Africa/Casablanca Africa/Lagos Asia/Beirut Asia/Jerusalem Asia/Tehran Asia/Dubai Asia/Karachi Asia/Kolkata Asia/Kathmandu Asia/Dhaka Asia/Bangkok Asia/Ho_Chi_Minh Asia/Shanghai Asia/Tokyo Asia/Seoul Australia/Sydney Australia/Adelaide Australia/Lord_Howe Pacific/Auckland Pacific/Chatham Pacific/Kiritimati Pacific/Honolulu Pacific/Pago_Pago'.split(
    ' ',
  );

const minuteMs = 60_000;
const dayMs = 86_400_000;

/**
 * The midnights of a zone, found without any arithmetic of offsets: by asking the runtime for the date of instant after instant.
 * A day begins with the first minute that bears its date.
 */
export function findMidnights(zone: string, from: string, days: number): { day: string; at: number }[] {
  // Sweden writes dates as YYYY-MM-DD.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' });
  const dateOf = (at: number) => format.format(at);
  const midnights: { day: string; at: number }[] = [];
  let at = Date.parse(`${from}T12:00:00Z`);
  for (let n = 0; n < days; n++) {
    const today = dateOf(at);
    let last = at;
    let next = at + dayMs;
    while (next - last > minuteMs) {
      const middle = last + Math.floor((next - last) / 2 / minuteMs) * minuteMs;
      if (dateOf(middle) === today) last = middle;
      else next = middle;
    }
    midnights.push({ day: dateOf(next), at: next });
    at += dayMs;
  }
  return midnights;
}
