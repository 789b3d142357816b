// Moments of answers, in words.

/** "2023-11-14", of the close of that day; else the instant to the minute, in UTC. */
export function momentInWords(instant: string): string {
  const [day, time] = instant.split("T") as [string, string];
  return time.startsWith("23:59:59.999") ? day : `${day} ${time.slice(0, 5)} UTC`;
}
