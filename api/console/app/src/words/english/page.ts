// What the page says of the frame of the page.

export const page = {
  title: "Who controlled what",
  close: "Close",
  loading: "Reading …",
  retry: "Try again",
  language: "Language",
  and: " and ",
};
