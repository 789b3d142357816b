// All fields of an event as they were recorded, whatever its type: ids of places and actors with
// their names, lists and values within values as such.
import type { ComponentChildren } from "preact";
import type { Panel } from "../../state/address";
import { PanelLink } from "../../parts/panel_link";
import { sentLanguage, words } from "../../words/words";
import type { ShownEvent } from "./event";

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** Fields whose value is the id of something with a panel. */
const PANELS: Record<string, (id: string) => Panel> = {
  report: (of) => ({ name: "report", of }),
  syndicated_from: (of) => ({ name: "report", of }),
  source: (of) => ({ name: "source", of }),
  event: (of) => ({ name: "event", of }),
  replaced_by: (of) => ({ name: "event", of }),
};
/** Fields whose texts are never ids, even where they read like one. */
const TEXTS = new Set(["name", "summary", "passage", "reason", "title", "url", "kind", "aliases"]);

export function Fields({ event }: { event: ShownEvent }) {
  const content = JSON.parse(event.content) as { [name: string]: Json };
  const links = new Map<string, { panel: Panel; name: string }>();
  for (const { slug, name } of event.actors) links.set(slug, { panel: { name: "actor", of: slug }, name });
  for (const { slug, name } of event.locations) links.set(slug, { panel: { name: "place", of: slug }, name });
  return <Members of={content} links={links} />;
}

type Links = ReadonlyMap<string, { panel: Panel; name: string }>;

function Members({ of, links }: { of: { [name: string]: Json }; links: Links }) {
  return (
    <dl class="facts">
      {Object.entries(of).map(([name, value]) => (
        <div key={name}>
          <dt>{words.value.event.field(name)}</dt>
          <dd>
            <Value name={name} value={value} links={links} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Value({ name, value, links }: { name: string; value: Json; links: Links }) {
  if (value === null) return <>–</>;
  if (Array.isArray(value)) {
    if (value.every((each) => typeof each !== "object")) {
      return <>{joined(value.map((each) => <Value name={name} value={each} links={links} />))}</>;
    }
    return (
      <ol>
        {value.map((each, number) => (
          <li key={number}>
            <Value name={name} value={each} links={links} />
          </li>
        ))}
      </ol>
    );
  }
  if (typeof value === "object") return <Members of={value} links={links} />;
  const text = String(value);
  if (TEXTS.has(name)) return <span lang={sentLanguage.value}>{text}</span>;
  const panel = PANELS[name]?.(text);
  if (panel) return <PanelLink to={panel}>{text}</PanelLink>;
  const link = links.get(text);
  return link ? <PanelLink to={link.panel}>{link.name}</PanelLink> : <>{text}</>;
}

function joined(parts: ComponentChildren[]): ComponentChildren {
  return parts.map((part, at) => (at ? [", ", part] : part));
}
