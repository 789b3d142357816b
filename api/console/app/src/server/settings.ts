// What the node says of itself in the page: the only part of it that is not the same everywhere.

export interface Settings {
  /** The URL of a MapLibre style to use instead of the shipped map. */
  mapStyle?: string;
  /** The path or URL of a PMTiles archive. */
  mapTiles?: string;
}

const said = document.getElementById("settings")?.textContent;
export const settings: Settings = said ? (JSON.parse(said) as Settings) : {};
