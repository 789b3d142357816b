// Days and moments, in UTC.

export const DAY = 86_400_000;

/** The day of an instant, given in milliseconds since 1970. */
export function dayOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}

/** The last millisecond that a moment stands for: a day means its close. */
export function instantOf(moment: string): number {
  return moment.length === 10 ? Date.parse(moment) + DAY - 1 : Date.parse(moment);
}

/** The number of the day since 1970-01-01. */
export function dayNumber(moment: string): number {
  return Math.floor(Date.parse(moment) / DAY);
}

export function dayAt(number: number): string {
  return dayOf(number * DAY);
}

/** The number of the day that it is now. */
export function today(): number {
  return Math.floor(Date.now() / DAY);
}
