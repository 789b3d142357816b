// Why a statement does not count, as a sentence.
import type { OutweighedBecause } from "../../made/graphql";

export const because: Record<OutweighedBecause, string> = {
  COPY: "It copies a report that counts already",
  LIGHTER_THAN_ITS_OWN: "Its own source had said something better founded",
  DOES_NOT_KNOW: "Its source says that it does not know who holds the place",
  CHANGED_HANDS: "The place is reported to have changed hands later",
  COMES_BEFORE: "The times overlap, and what the other reports came after it",
  SEEN_SINCE: "A later report says otherwise",
  OUTDATED: "It was more than 30 days old when the other was reported",
  CONFIRMED: "Two sources agree later that it is otherwise",
  FIRM_WORD: "It is weakly founded, and a later, better founded report says otherwise",
  FIGHT_OVER: "A later report says who held the place after the fight",
  SOMEBODY_CAME: "It says only who left, and somebody came later",
  ALL_LEFT: "All of those whom it names are reported to have left since",
  ONLY_A_LEAVING: "It says only who left, and others hold the place",
  HOLDER_GONE: "Those whom it names no longer exist, and nobody succeeded them",
  FIGHT_UNSEEN: "Nobody reported the fight for 30 days",
  UNCONFIRMED: "It is weakly founded, and nobody confirmed it within 30 days",
  IMPROBABLE: "It is graded improbable, which is too little to dispute an answer",
};
