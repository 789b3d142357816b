import type { Words } from "../words";

export const place: Words["place"] = {
  explanation: "Pourquoi nous le disons",
  evidence: "Preuves",
  rivals: "D’autres disent",
  outweighed: "Écarté",
};
