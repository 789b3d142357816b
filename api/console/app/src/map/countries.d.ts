// The files that basemap/plugin.ts makes, by their addresses.
declare module "countries:*" {
  const address: string;
  export default address;
}
