import type { Words } from "../words";

export const because: Words["because"] = {
  COPY: "Elle reprend un rapport qui compte déjà",
  LIGHTER_THAN_ITS_OWN: "Sa propre source avait dit quelque chose de mieux établi",
  DOES_NOT_KNOW: "Sa source dit ne pas savoir qui tient le lieu",
  CHANGED_HANDS: "Le lieu aurait changé de mains plus tard",
  COMES_BEFORE: "Les périodes se chevauchent, et ce que l’autre rapporte est venu après",
  SEEN_SINCE: "Un rapport ultérieur dit autre chose",
  OUTDATED: "Elle avait plus de 30 jours lorsque l’autre a été rapportée",
  CONFIRMED: "Deux sources s’accordent plus tard à dire autre chose",
  FIRM_WORD: "Elle est peu étayée, et un rapport ultérieur mieux établi dit autre chose",
  FIGHT_OVER: "Un rapport ultérieur dit qui tenait le lieu après les combats",
  SOMEBODY_CAME: "Elle dit seulement qui est parti, et quelqu’un est venu ensuite",
  ALL_LEFT: "Tous ceux qu’elle nomme seraient partis depuis",
  ONLY_A_LEAVING: "Elle dit seulement qui est parti, et d’autres tiennent le lieu",
  HOLDER_GONE: "Ceux qu’elle nomme n’existent plus, et personne ne leur a succédé",
  FIGHT_UNSEEN: "Personne n’a signalé les combats pendant 30 jours",
  UNCONFIRMED: "Elle est peu étayée, et personne ne l’a confirmée en 30 jours",
  IMPROBABLE: "Elle est cotée improbable, ce qui est trop peu pour contester une réponse",
};
