// The situation page as the server words it (`situation.explanation`), taken apart: a title, a line
// for each section as "Heading: text", and a line for each note as "[1] text Event UUID.".

export interface Section {
  heading: string;
  text: string;
}

export interface Note {
  number: string;
  text: string;
  /** The UUID of the event; empty where the note names none. */
  event: string;
}

export interface SituationText {
  title: string;
  sections: Section[];
  notes: Note[];
}

const NOTE = /^\[(\d+)\] (.*?)(?: Event ([0-9a-f-]{36})\.)?$/;

export function takenApart(explanation: string): SituationText {
  const [title = "", ...lines] = explanation.split("\n");
  const found: SituationText = { title, sections: [], notes: [] };
  for (const line of lines) {
    const note = NOTE.exec(line);
    if (note) found.notes.push({ number: note[1]!, text: note[2]!, event: note[3] ?? "" });
    else {
      const colon = line.indexOf(": ");
      found.sections.push({ heading: line.slice(0, colon), text: line.slice(colon + 2) });
    }
  }
  return found;
}

export type Piece = string | { note: string };

/** A text in pieces: words, and the numbers of notes. */
export function pieces(text: string): Piece[] {
  return text.split(/(\[\d+(?:, \d+)*\])/).flatMap((piece): Piece[] => {
    if (!/^\[[\d, ]+\]$/.test(piece)) return piece ? [piece] : [];
    return piece
      .slice(1, -1)
      .split(", ")
      .map((note) => ({ note }));
  });
}
