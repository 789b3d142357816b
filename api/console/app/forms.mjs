// Writes src/made/forms.json: what can be recorded, with all fields, from the server's own schema.
import { readFileSync, writeFileSync } from "node:fs";
import {
  GraphQLEnumType,
  GraphQLInputObjectType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLScalarType,
  buildSchema,
} from "graphql";

const ROOT = "StatementInput";
const schema = buildSchema(readFileSync("../../schema.graphql", "utf8"));
const [inputs, enums] = [{}, {}];
const waiting = [ROOT];

while (waiting.length) {
  const name = waiting.pop();
  if (inputs[name]) continue;
  const input = schema.getType(name);
  inputs[name] = {
    about: sentence(input.description),
    oneOf: input.isOneOf,
    fields: Object.values(input.getFields()).map(formField),
  };
}
writeFileSync("src/made/forms.json", `${JSON.stringify({ inputs, enums }, null, 1)}\n`);

function formField(field) {
  const { depth, inner } = unwrapped(field.type);
  if (inner instanceof GraphQLInputObjectType) {
    if (depth) throw new Error(`${field.name}: the console has no form for a list of inputs`);
    waiting.push(inner.name);
  }
  if (inner instanceof GraphQLEnumType) {
    enums[inner.name] = inner.getValues().map(({ name, description }) => ({ name, about: sentence(description) }));
  }
  return {
    name: field.name,
    about: sentence(field.description),
    type: inner.name,
    is: inner instanceof GraphQLScalarType ? "scalar" : inner instanceof GraphQLEnumType ? "enum" : "input",
    depth,
    isRequired: field.type instanceof GraphQLNonNull && field.defaultValue === undefined,
    ...named(field),
  };
}

/** The type within lists, and how many lists are around it. */
function unwrapped(type, depth = 0) {
  if (type instanceof GraphQLNonNull) return unwrapped(type.ofType, depth);
  if (type instanceof GraphQLList) return unwrapped(type.ofType, depth + 1);
  return { depth, inner: type };
}

/** The kind of thing that an id names, from the directive @names. */
function named(field) {
  const directive = field.astNode.directives.find(({ name }) => name.value === "names");
  if (!directive) return {};
  const said = Object.fromEntries(directive.arguments.map(({ name, value }) => [name.value, value.value]));
  return { names: said.kind, registers: Boolean(said.registers) };
}

/** On one line, and without how ids are written: nobody writes them here. */
function sentence(text) {
  return (text ?? "").replace(/\s+/g, " ").replace(/ ?By slug or global id\.$/, "").trim();
}
