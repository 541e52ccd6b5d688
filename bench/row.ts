/** One figure with the baseline that was measured in the same run; the ratio is what counts. */
export interface Row {
  name: string;
  value: number;
  unit: string;
  baseline: number | null;
  baselineName: string | null;
}

export const ratioOf = ({ value, baseline }: Row): number | null =>
  baseline === null ? null : value / baseline;
