// A component whose code is loaded when it is shown for the first time.
import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { words } from "../words/words";

/** `load` imports the file and picks the component. */
export function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  const loaded = signal<ComponentType<Props> | null>(null);
  const failed = signal(false);
  let isAsked = false;
  return function Later(props: Props) {
    if (!isAsked) {
      isAsked = true;
      load().then(
        (component) => (loaded.value = component),
        () => {
          failed.value = true;
          isAsked = false;
        },
      );
    }
    const Component = loaded.value;
    if (Component) return <Component {...props} />;
    return <p>{failed.value ? words.value.page.notLoaded : words.value.page.loading}</p>;
  };
}
