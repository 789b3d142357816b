// Names of right-to-left scripts among other words.

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** The name, to be set within a text: of a name that is read from right to left, brackets and numbers
 * at its ends would else be drawn among the words around it. */
export function isolated(name: string): string {
  return RIGHT_TO_LEFT.test(name) ? `\u2068${name}\u2069` : name;
}
