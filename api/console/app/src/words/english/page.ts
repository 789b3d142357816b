// What the page says of the frame of the page.

export const page = {
  title: "Who controlled what",
  close: "Close",
  beside: "Beside the map",
  loading: "Reading …",
  notLoaded: "It could not be read; try again.",
  retry: "Try again",
  language: "Language",
  and: " and ",
};
