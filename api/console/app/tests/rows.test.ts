// Are the periods of a timeline told in days that do not overlap?
import assert from "node:assert/strict";
import { test } from "node:test";
import { rowsOf } from "../src/panels/place/rows.ts";

type Periods = Parameters<typeof rowsOf>[0];

function period(from: string | null, to: string | null, who: string, certain = true): Periods[number] {
  const holders = who ? [{ slug: who, name: who }] : [];
  const status = who ? "HELD" : "UNKNOWN";
  return { from, to, control: { status, certain, disputed: false, holders, contenders: [] } } as Periods[number];
}

const day = (number: number | undefined) =>
  number === undefined || !Number.isFinite(number) ? null : new Date(number * 86_400_000).toISOString().slice(0, 10);

const told = (periods: Periods) =>
  rowsOf(periods).map(({ from, to, days, control }) => [
    control.holders[0]?.slug ?? "",
    days ? day(days.first) : from,
    days ? day(days.last) : to,
  ]);

test("a change on a day is told of that day, and the day before is the last of what was", () => {
  const periods = [
    period(null, "2014-05-21T00:00:00Z", ""),
    period("2014-05-21T00:00:00Z", "2014-05-21T23:59:59.999999Z", "", false),
    period("2014-05-21T23:59:59.999999Z", "2014-05-22T00:00:00Z", "mnla"),
    period("2014-05-22T00:00:00Z", null, "cma"),
  ];
  assert.deepEqual(told(periods), [
    ["", null, "2014-05-20"],
    ["mnla", "2014-05-21", "2014-05-21"],
    ["cma", "2014-05-22", null],
  ]);
  const opens = rowsOf(periods).map((row) => row.opens);
  assert.equal(opens[1], Date.parse("2014-05-21"), "noon of the day belongs to its row");
});

test("periods that say the same are one, and what is not known is not uncertain too", () => {
  const periods = [
    period(null, "2024-01-02T00:00:00Z", ""),
    period("2024-01-02T00:00:00Z", "2024-01-05T00:00:00Z", "", false),
    period("2024-01-05T00:00:00Z", "2024-01-09T23:59:59.999999Z", "fama", false),
    period("2024-01-09T23:59:59.999999Z", null, "fama", false),
  ];
  assert.deepEqual(told(periods), [
    ["", null, "2024-01-04"],
    ["fama", "2024-01-05", null],
  ]);
});

test("what was over within a day is told with its hours", () => {
  const periods = [
    period(null, "2024-01-02T10:00:00Z", "a"),
    period("2024-01-02T10:00:00Z", "2024-01-02T15:00:00Z", "b"),
    period("2024-01-02T15:00:00Z", null, "a"),
  ];
  assert.deepEqual(told(periods), [
    ["a", null, "2024-01-01"],
    ["b", "2024-01-02T10:00:00Z", "2024-01-02T15:00:00Z"],
    ["a", "2024-01-02", null],
  ]);
});
