// What is typed into a form, and what the server is sent.
import { deepStrictEqual, strictEqual } from "node:assert";
import test from "node:test";
import type { Field } from "../src/record/forms.ts";
import { idFrom, inputOf, missing, valuesIn } from "../src/record/values.ts";

const scalar = { about: "", is: "scalar", depth: 0, isRequired: false } as const;
const ESTIMATE: Field[] = [{ ...scalar, name: "best", type: "Count", isRequired: true }];
const FIELDS: Field[] = [
  { ...scalar, name: "by", type: "ID", depth: 1, isRequired: true },
  { ...scalar, name: "takenFrom", type: "ID", depth: 1, names: "ACTOR" },
  { ...scalar, name: "sides", type: "ID", depth: 2, names: "ACTOR" },
  { ...scalar, name: "dead", type: "Count", depth: 1 },
  { ...scalar, name: "credibility", type: "Int" },
  { ...scalar, name: "stance", type: "Stance", is: "enum" },
  { ...scalar, name: "deaths", type: "EstimateInput", is: "input" },
];
const schema = { fieldsOf: () => ESTIMATE, membersOf: () => ["OPEN", "OPEN_THREAT"] };

test("what is empty is left out, and numbers are numbers", () => {
  const typed = { by: ["fama", ""], takenFrom: [], credibility: " 2 ", deaths: { best: " " } };
  deepStrictEqual(inputOf(FIELDS, typed, schema), { by: ["fama"], credibility: 2 });
});

test("what is no number is left to the server", () => {
  deepStrictEqual(inputOf(FIELDS, { credibility: "two" }, schema), { credibility: "two" });
});

test("lists of lists keep the lists in which anything stands, and an unknown number its place", () => {
  const typed = { sides: [["csp", ""], []], dead: "12,,3" };
  deepStrictEqual(inputOf(FIELDS, typed, schema), { sides: [["csp"]], dead: [12, null, 3] });
});

test("a required field is missed, within another only where anything stands in that", () => {
  deepStrictEqual(missing(FIELDS, {}, schema), ["by"]);
  const typed = { by: ["fama"], deaths: { low: "1" } };
  deepStrictEqual(missing(FIELDS, typed, schema, "a."), ["a.deaths.best"]);
});

test("what is recorded fills the form, and the form gives the same again", () => {
  const recorded = {
    by: ["fama"],
    taken_from: ["csp"],
    stance: "open-threat-of-war",
    credibility: 2,
    deaths: { best: 7 },
  };
  const typed = valuesIn(FIELDS, recorded, schema);
  deepStrictEqual(inputOf(FIELDS, typed, schema), {
    by: ["fama"],
    takenFrom: ["csp"],
    credibility: 2,
    stance: "OPEN_THREAT",
    deaths: { best: 7 },
  });
});

test("an id is written in small letters, digits and hyphens", () => {
  strictEqual(idFrom("press", "2023-11-14", "Kidal : l’armée entre"), "press-2023-11-14-kidal-l-armee-entre");
  strictEqual(idFrom("صحافة"), "");
});
