// A component that is fetched when it is first shown, so that the page itself stays small.
import { type ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { words } from "../words/words";

export function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  let fetched: Promise<ComponentType<Props>> | null = null;
  return function Later(props: Props) {
    const [Part, setPart] = useState<ComponentType<Props> | null>(null);
    const [problem, setProblem] = useState<Error | null>(null);
    useEffect(() => {
      fetched ??= load();
      fetched.then(
        (part) => setPart(() => part),
        (error: Error) => {
          fetched = null;
          setProblem(error);
        },
      );
    }, []);
    if (Part) return <Part {...props} />;
    return problem ? <p role="alert">{problem.message}</p> : <p>{words.value.page.loading}</p>;
  };
}
