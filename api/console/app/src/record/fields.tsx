// The fields of a form, each with the widget of its type, what it means, and what is said against it.
import type { ComponentChildren } from "preact";
import { dayInWords } from "../state/moments";
import { sentLanguage, words } from "../words/words";
import { lacks, refused, wasTried } from "./draft";
import { Finder, Finders } from "./finder";
import { type Field, type Kind, SCHEMA, membersOf } from "./forms";
import { type Typed, type Values, isEmpty } from "./values";

/** Changes what stands there now, which may be newer than what was drawn last. */
export type Change<T> = (before: T) => T;

interface Form {
  fields: Field[];
  values: Values;
  set: (change: Change<Values>) => void;
  /** Where the fields stand in the input of the server, as "report.". */
  within: string;
}

/** The required fields, and the others behind them. */
export function FormFields({ fields, values, set, within }: Form) {
  const said = words.value.record;
  const isGroup = ({ is }: Field) => Number(is === "input");
  const first = fields.filter((it) => it.isRequired);
  const further = fields.filter((it) => !it.isRequired).sort((one, other) => isGroup(one) - isGroup(other));
  const isOpen = further.some(
    ({ name }) => !isEmpty(values[name]) || isAgainst(`${within}${name}`),
  );
  const shown = (field: Field) => (
    <FormField
      key={field.name}
      field={field}
      path={`${within}${field.name}`}
      value={values[field.name]}
      set={(change) => set((before) => ({ ...before, [field.name]: change(before[field.name]) }))}
    />
  );
  return (
    <>
      {first.map(shown)}
      {further.length > 0 && (
        <details open={isOpen}>
          <summary>{said.further}</summary>
          {further.map(shown)}
        </details>
      )}
    </>
  );
}

interface One {
  field: Field;
  path: string;
  value: Typed | undefined;
  set: (change: (before: Typed | undefined) => Typed) => void;
}

export function FormField({ field, path, value, set }: One) {
  if (field.is === "input") {
    return (
      <fieldset>
        <legend>{words.value.record.field(field.name)}</legend>
        <About field={field} id={idOf(path)} />
        {SCHEMA.fieldsOf(field.type).map((inner) => (
          <FormField
            key={inner.name}
            field={{ ...inner, isRequired: inner.isRequired && !isEmpty(value) }}
            path={`${path}.${inner.name}`}
            value={(value as Values | undefined)?.[inner.name]}
            set={(change) =>
              set((before) => {
                const values = before as Values | undefined;
                return { ...values, [inner.name]: change(values?.[inner.name]) };
              })
            }
          />
        ))}
      </fieldset>
    );
  }
  return (
    <Labelled field={field} path={path}>
      <Widget field={field} path={path} value={value} set={set} />
    </Labelled>
  );
}

/** A label, the widget, its meaning, and what is said against it. */
export function Labelled({ field, path, children }: { field: Field; path: string; children: ComponentChildren }) {
  const said = words.value.record;
  return (
    <div class="field" data-against={isAgainst(path) || undefined}>
      <label for={idOf(path)}>
        {said.field(field.name)}
        {!field.isRequired && <small> {said.optional}</small>}
      </label>
      {children}
      <About field={field} id={idOf(path)} />
      <Against path={path} />
    </div>
  );
}

function About({ field, id }: { field: Field; id: string }) {
  const hint = words.value.record.hints[field.type];
  return (
    <p class="about" id={`${id}-about`}>
      <span lang={sentLanguage.value}>{field.about}</span> {hint}
    </p>
  );
}

export function Against({ path }: { path: string }) {
  const { value } = refused;
  const said = words.value.record;
  const text = value && isRefused(path) ? value.message : isMissing(path) ? said.missing : "";
  return (
    <p class="against" id={`${idOf(path)}-against`} lang={value && isRefused(path) ? sentLanguage.value : undefined}>
      {text}
    </p>
  );
}

function Widget({ field, path, value, set }: One) {
  const named = {
    id: idOf(path),
    label: words.value.record.field(field.name),
    isInvalid: isAgainst(path),
    describedBy: `${idOf(path)}-about ${idOf(path)}-against`,
  };
  if (field.names && !field.registers) {
    const kind = field.names;
    if (field.depth === 0) {
      return <Finder {...named} kind={kind} value={text(value)} set={(slug) => set(() => slug)} />;
    }
    if (field.depth === 1) {
      const change = (of: Change<string[]>) => set((before) => of((before as string[]) ?? []));
      return <Finders {...named} kind={kind} value={(value as string[]) ?? []} set={change} />;
    }
    const change = (of: Change<string[][]>) => set((before) => of((before as string[][]) ?? TWO_SIDES));
    return <Sides {...named} kind={kind} value={(value as string[][]) ?? TWO_SIDES} set={change} />;
  }
  const aria = { id: named.id, "aria-invalid": named.isInvalid, "aria-describedby": named.describedBy };
  if (field.is === "enum") {
    return (
      <select {...aria} value={text(value)} onChange={({ currentTarget: { value: chosen } }) => set(() => chosen)}>
        <option value="" />
        {membersOf(field.type).map(({ name, about }) => (
          <option key={name} value={name} lang={sentLanguage.value}>
            {about ? `${label(name)}: ${about}` : label(name)}
          </option>
        ))}
      </select>
    );
  }
  if (field.type === "Boolean") {
    return (
      <input {...aria} type="checkbox" checked={value === true} onChange={({ currentTarget: { checked } }) => set(() => checked)} />
    );
  }
  return (
    <textarea
      {...aria}
      rows={1}
      dir="auto"
      autocomplete="off"
      spellcheck={false}
      inputMode={NUMBERS.has(field.type) && field.depth === 0 ? "numeric" : "text"}
      value={text(value)}
      onInput={({ currentTarget: { value: typed } }) => set(() => typed)}
      onChange={({ currentTarget: { value: typed } }) => {
        const day = field.type === "When" && dayInWords(typed);
        if (day) set(() => day);
      }}
    />
  );
}

const TWO_SIDES: string[][] = [[], []];
const NUMBERS = new Set(["Int", "Count"]);

/** Lists of things, as the sides of a clash. */
function Sides(of: {
  id: string;
  label: string;
  isInvalid: boolean;
  describedBy: string;
  kind: Kind;
  value: string[][];
  set: (change: Change<string[][]>) => void;
}) {
  const said = words.value.record;
  return (
    <span class="sides">
      {of.value.map((side, number) => (
        <Finders
          key={number}
          id={number === 0 ? of.id : `${of.id}-${number}`}
          kind={of.kind}
          label={said.side(number + 1)}
          isInvalid={of.isInvalid}
          describedBy={of.describedBy}
          value={side}
          set={(change) => of.set((before) => before.with(number, change(before[number] ?? [])))}
        />
      ))}
      <button type="button" onClick={() => of.set((before) => [...before, []])}>
        {said.addSide}
      </button>
    </span>
  );
}

function text(value: Typed | undefined): string {
  return typeof value === "string" ? value : "";
}

function label(name: string): string {
  return name.length === 1 ? name : name.charAt(0) + name.slice(1).toLowerCase().replaceAll("_", " ");
}

export function idOf(path: string): string {
  return `record-${path}`;
}

/** The refusal names this field, or a part of it. */
function isRefused(path: string): boolean {
  const field = refused.value?.field;
  return field === path || Boolean(field?.startsWith(`${path}.`));
}

function isMissing(path: string): boolean {
  return wasTried.value && lacks.value.includes(path);
}

export function isAgainst(path: string): boolean {
  return isRefused(path) || isMissing(path);
}
