// The panel in which a person records an event, corrects one, takes one back, or has it count again.
import { useEffect, useRef } from "preact/hooks";
import { graphql } from "../made";
import type { RecordedEventQuery } from "../made/graphql";
import { token } from "../server/ask";
import { useAnswer } from "../state/asked";
import { close } from "../state/shown";
import { sentLanguage, words } from "../words/words";
import { isRecording, record, supposeWhileDrafting } from "./asking";
import {
  type Purpose,
  aboutFields,
  aboutPath,
  begin,
  change,
  draft,
  eventFields,
  eventPath,
  input,
  isBegun,
  lacks,
  refused,
  wasTried,
} from "./draft";
import { type Change, FormFields, idOf } from "./fields";
import { EVENTS, type Field, SCHEMA, fieldsOfEvent, formOf, memberOf, typeOf } from "./forms";
import { Preview } from "./preview";
import { ReportField } from "./report_field";
import { type Values, valuesIn } from "./values";
import "./record.css";

const MAY_RECORD = graphql(`
  query MayRecord { scopes }
`);
const EVENT = graphql(`
  query RecordedEvent($id: ID!) {
    event(id: $id) {
      __typename
      eventId
      content
      retracted
      statement
      recordKeeping { ... on EventRetracted { replacedBy { retracted } } }
    }
  }
`);

/** A new event. */
export function RecordPanel() {
  const said = words.value.record;
  useEffect(() => {
    if (draft.peek().purpose.name !== "record") begin({ name: "record" });
  }, []);
  if (draft.value.purpose.name !== "record") return null;
  return (
    <Allowed>
      <h2>{said.title}</h2>
      <p class="lead">{said.lead}</p>
      <DraftForm submit={said.record}>
        <TypeField />
        <EventFields />
      </DraftForm>
    </Allowed>
  );
}

/** The event as it should have been. */
export function CorrectPanel({ id }: { id: string }) {
  const said = words.value.record;
  const event = useEvent(id, "correct");
  return (
    <Allowed>
      <h2>{said.correct}</h2>
      {event.value}
      {isAbout("correct", id) && (
        <DraftForm submit={said.recordCorrection}>
          <AboutFields />
          <h3>{said.asItWas}</h3>
          <EventFields />
        </DraftForm>
      )}
    </Allowed>
  );
}

/** What takes an event back. */
export function RetractPanel({ id }: { id: string }) {
  const { retract, retractLead, recordRetraction } = words.value.record;
  return <Revocation id={id} name="retract" title={retract} lead={retractLead} submit={recordRetraction} />;
}

/** What has an event count again that was taken back. */
export function ReinstatePanel({ id }: { id: string }) {
  const { reinstate, reinstateLead, recordReinstatement } = words.value.record;
  return <Revocation id={id} name="reinstate" title={reinstate} lead={reinstateLead} submit={recordReinstatement} />;
}

function Revocation({ id, name, title, lead, submit }: {
  id: string;
  name: "retract" | "reinstate";
  title: string;
  lead: string;
  submit: string;
}) {
  const event = useEvent(id, name);
  return (
    <Allowed>
      <h2>{title}</h2>
      <p class="lead">{lead}</p>
      {event.value}
      {isAbout(name, id) && (
        <DraftForm submit={submit}>
          <AboutFields />
        </DraftForm>
      )}
    </Allowed>
  );
}

type About = Exclude<Purpose["name"], "record">;

function isAbout(name: About, id: string): boolean {
  const { purpose } = draft.value;
  return purpose.name === name && purpose.event === id;
}

/** Reads the event, and begins a draft about it; tells what it says, or why not. */
function useEvent(id: string, name: About) {
  const { answer, problem } = useAnswer(EVENT, () => ({ id }), [id]);
  const said = words.value;
  const found = answer.value?.event;
  const begun = found && isAbout(name, found.eventId);
  useEffect(() => {
    if (!found || begun) return;
    const type = memberOf(found.__typename);
    const content = JSON.parse(found.content) as Record<string, unknown>;
    const values = name === "correct" ? valuesIn(fieldsOfEvent(type), content, SCHEMA) : {};
    begin({ name, event: found.eventId }, { type: name === "correct" ? type : "", values });
  }, [found?.eventId, begun]);
  if (problem.value) return { value: <p role="alert">{problem.value.message}</p> };
  if (!answer.value) return { value: <p>{said.page.loading}</p> };
  if (!found) return { value: <p role="alert">{said.event.unknown}</p> };
  return {
    value: (
      <>
        <p class="statement">
          <span lang={sentLanguage.value}>{said.sources.quoted(found.statement ?? found.__typename)}</span>
        </p>
        {found.retracted && <p class="notice">{said.event.isRetracted}</p>}
        {name === "reinstate" && !found.retracted && <p class="notice">{said.record.counts}</p>}
        {name === "reinstate" && isReplaced(found) && <p class="notice">{said.record.bothCount}</p>}
      </>
    ),
  };
}

/** Whether a correction put another event in its place that still stands. */
function isReplaced({ recordKeeping }: NonNullable<RecordedEventQuery["event"]>): boolean {
  return recordKeeping.some((each) => "replacedBy" in each && each.replacedBy && !each.replacedBy.retracted);
}

/** Asks for a token where the one given does not permit to record. */
function Allowed({ children }: { children: preact.ComponentChildren }) {
  const { answer } = useAnswer(MAY_RECORD, () => ({}));
  const said = words.value;
  const scopes = answer.value?.scopes;
  if (!scopes) return <p>{said.page.loading}</p>;
  if (scopes.includes("record")) return <article class="record">{children}</article>;
  return (
    <article class="record">
      <h2>{said.record.title}</h2>
      <p role="alert">{token.value ? said.record.mayNot : said.record.needsToken}</p>
      <form
        class="token"
        onSubmit={(event) => {
          event.preventDefault();
          token.value = String(new FormData(event.currentTarget).get("token")).trim();
        }}
      >
        <label>
          {said.page.token} <input name="token" type="password" autocomplete="off" required />
        </label>
        <button>{said.page.useToken}</button>
      </form>
    </article>
  );
}

function TypeField() {
  const said = words.value;
  const { type } = draft.value;
  const isPlaced = ({ type }: Field) => formOf(type).fields.some((it) => it.name === "location");
  const groups = [
    { label: said.record.ofPlaces, types: EVENTS.filter(isPlaced) },
    { label: said.record.ofActors, types: EVENTS.filter((each) => !isPlaced(each)) },
  ];
  return (
    <div class="field">
      <label for={idOf("type")}>{said.record.type}</label>
      <select id={idOf("type")} value={type} onChange={(event) => change({ type: event.currentTarget.value })}>
        <option value="">{said.record.chooseType}</option>
        {groups.map(({ label, types }) => (
          <optgroup key={label} label={label}>
            {types.map(({ name }) => (
              <option key={name} value={name}>
                {said.event.types(typeOf(name))}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      {type && (
        <p class="about" lang={sentLanguage.value}>
          {EVENTS.find(({ name }) => name === type)?.about}
        </p>
      )}
    </div>
  );
}

/** The fields of the event; of a new event with its report. */
function EventFields() {
  if (!eventFields.value.length) return null;
  const isNew = draft.value.purpose.name === "record";
  const set = (of: Change<Values>) => change(({ values }) => ({ values: of(values) }));
  return <Form fields={eventFields.value} values={draft.value.values} set={set} within={eventPath.value} cites={isNew} />;
}

/** Why an event is corrected or taken back, and who says so. */
function AboutFields() {
  const set = (of: Change<Values>) => change(({ about }) => ({ about: of(about) }));
  return <Form fields={aboutFields.value} values={draft.value.about} set={set} within={aboutPath.value} cites />;
}

/** The fields, with the report as one that may be filed along. */
function Form(form: { fields: Field[]; values: Values; set: (change: Change<Values>) => void; within: string; cites: boolean }) {
  const { fields, values, set, within, cites } = form;
  const report = cites ? fields.find(({ names, name }) => names === "REPORT" && name === "report") : undefined;
  return (
    <>
      <FormFields fields={fields.filter((each) => each !== report)} values={values} set={set} within={within} />
      {report && (
        <ReportField
          field={report}
          path={`${within}${report.name}`}
          value={typeof values[report.name] === "string" ? (values[report.name] as string) : ""}
          set={(slug) => set((before) => ({ ...before, [report.name]: slug }))}
        />
      )}
    </>
  );
}

/** The form around: what the answer would become, what is refused, and the button that records. */
function DraftForm({ submit, children }: { submit: string; children: preact.ComponentChildren }) {
  const said = words.value.record;
  const form = useRef<HTMLFormElement>(null);
  useEffect(supposeWhileDrafting, []);
  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    wasTried.value = true;
    if (input.peek()) await record();
    setTimeout(() => form.current && focusRefused(form.current)); // once it is drawn
  };
  const problem = refused.value;
  const isBeside = problem?.field && document.getElementById(idOf(problem.field));
  return (
    <form ref={form} noValidate onSubmit={(event) => void send(event)}>
      {children}
      <Preview />
      <p class="against" role="alert">
        {problem && !isBeside && <span lang={sentLanguage.value}>{problem.message}</span>}
        {problem?.code === "Unreachable" && ` ${said.sendAgain}`}
        {!problem && wasTried.value && lacks.value.length > 0 && said.lacks(lacks.value.length)}
      </p>
      <div class="buttons">
        <button class="primary" aria-disabled={isRecording.value}>
          {submit}
        </button>
        <button
          type="button"
          onClick={() => {
            const { purpose } = draft.peek();
            begin({ name: "record" });
            if (purpose.name !== "record") close();
          }}
          disabled={!isBegun.value && draft.value.purpose.name === "record"}
        >
          {said.discard}
        </button>
      </div>
    </form>
  );
}

/** Moves to the field that is refused, or to the first that is missing. */
function focusRefused(form: HTMLFormElement): void {
  const wrong = form.querySelector<HTMLElement>("[data-against] :is(input, select, textarea, button)");
  wrong?.focus();
  wrong?.scrollIntoView({ block: "center" });
}
