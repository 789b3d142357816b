// A link to a panel. Its address holds all that is shown, so it can be opened in another tab too.
import type { ComponentChildren } from "preact";
import { type Panel, writeAddress } from "../state/address";
import { open, shown } from "../state/shown";

export function PanelLink({ to, children, class: name, lang }: {
  to: Panel;
  children: ComponentChildren;
  class?: string;
  lang?: string | undefined;
}) {
  return (
    <a
      href={writeAddress({ ...shown.value, panel: to })}
      class={name}
      lang={lang}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
        event.preventDefault();
        open(to);
      }}
    >
      {children}
    </a>
  );
}
