// The report that says so: one that is filed, or a new one to be filed along; likewise its source.
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { Finder } from "../finder/finder";
import { dayOf } from "../state/days";
import { words } from "../words/words";
import { change, draft, ids } from "./draft";
import { type Change, FormField, FormFields, Labelled, idOf, isAgainst } from "./fields";
import { type Field, NEW_REPORT, NEW_SOURCE } from "./forms";
import type { Values } from "./values";

interface Cited {
  field: Field;
  path: string;
  value: string;
  set: (slug: string) => void;
}

export function ReportField({ field, path, value, set }: Cited) {
  const said = words.value.record;
  const { report } = draft.value;
  if (report) return <NewReport values={report} />;
  return (
    <FiledOrNew {...{ field, path, value, set }} kind="REPORT">
      <button type="button" onClick={() => change({ report: {} })}>
        {said.newReport}
      </button>
      {draft.value.purpose.name !== "record" && (
        <button type="button" onClick={() => change(ofOurDesk())}>
          {said.ourDesk}
        </button>
      )}
    </FiledOrNew>
  );
}

/** A report of those who keep the record, as `tenure retract` files it: nobody else told them. */
function ofOurDesk(): { report: Values; source: Values } {
  const said = words.value.record;
  return {
    report: { title: said.deskTitle, published: dayOf(Date.now()) },
    source: { reliability: "A" },
  };
}

/** What is filed, found as it is typed; beside the empty field stands what leads to a new one. */
function FiledOrNew({ field, path, value, set, kind, children }: Cited & {
  kind: "REPORT" | "SOURCE";
  children: ComponentChildren;
}) {
  return (
    <Labelled field={field} path={path}>
      <span class="either">
        <Finder
          id={idOf(path)}
          kind={kind}
          label={words.value.record.field(field.name)}
          isInvalid={isAgainst(path)}
          describedBy={`${idOf(path)}-about ${idOf(path)}-against`}
          value={value}
          set={set}
        />
        {!value && children}
      </span>
    </Labelled>
  );
}

function NewReport({ values }: { values: Values }) {
  const said = words.value.record;
  const set = (of: Change<Values>) => change(({ report }) => ({ report: of(report ?? {}) }));
  useEffect(() => focusFirst("report.source"), []);
  const [source, rest] = split(NEW_REPORT, "source");
  return (
    <fieldset class="along">
      <legend>{said.newReport}</legend>
      <button type="button" class="back" onClick={() => change({ report: null, source: null })}>
        {said.filedReport}
      </button>
      <SourceField field={source} value={text(values, "source")} set={(slug) => set((before) => ({ ...before, source: slug }))} />
      <FormFields fields={withoutId(rest, "report")} values={values} set={set} within="report." />
      <IdField fields={rest} name="report" within="report." values={values} set={set} id={ids.value.report} />
    </fieldset>
  );
}

function SourceField({ field, value, set }: { field: Field; value: string; set: (slug: string) => void }) {
  const said = words.value.record;
  const { source } = draft.value;
  const path = "report.source";
  if (source) return <NewSource values={source} />;
  return (
    <FiledOrNew {...{ field, path, value, set }} kind="SOURCE">
      <button type="button" onClick={() => change({ source: {} })}>
        {said.newSource}
      </button>
    </FiledOrNew>
  );
}

function NewSource({ values }: { values: Values }) {
  const said = words.value.record;
  const set = (of: Change<Values>) => change(({ source }) => ({ source: of(source ?? {}) }));
  useEffect(() => focusFirst("source.name"), []);
  return (
    <fieldset class="along">
      <legend>{said.newSource}</legend>
      <button type="button" class="back" onClick={() => change({ source: null })}>
        {said.registeredSource}
      </button>
      <FormFields fields={withoutId(NEW_SOURCE, "source")} values={values} set={set} within="source." />
      <IdField fields={NEW_SOURCE} name="source" within="source." values={values} set={set} id={ids.value.source} />
    </fieldset>
  );
}

/** The id of what is new: made from the rest, and to be changed by those who care. */
function IdField(of: {
  fields: Field[];
  name: string;
  within: string;
  values: Values;
  set: (change: Change<Values>) => void;
  id: string;
}) {
  const field = of.fields.find(({ name }) => name === of.name)!;
  return (
    <FormField
      field={{ ...field, name: "id", about: "" }}
      path={`${of.within}${of.name}`}
      value={text(of.values, of.name) || of.id}
      set={(change) => of.set((before) => ({ ...before, [of.name]: change(before[of.name]) }))}
    />
  );
}

function withoutId(fields: Field[], id: string): Field[] {
  return fields.filter(({ name }) => name !== id);
}

function split(fields: Field[], name: string): [Field, Field[]] {
  return [fields.find((each) => each.name === name)!, withoutId(fields, name)];
}

function text(values: Values, name: string): string {
  const value = values[name];
  return typeof value === "string" ? value : "";
}

function focusFirst(path: string): void {
  document.getElementById(idOf(path))?.focus();
}
