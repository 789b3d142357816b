// What the page says of a place.

export const place = {
  explanation: "Why we say so",
  evidence: "Evidence",
  rivals: "Others say",
  outweighed: "Outweighed",
};
