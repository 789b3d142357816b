// Mercurius with its JIT on the rows of the benchmark: resolvers by hand, one prepared statement for
// each question, and loaders that fetch what many answers name by one statement.
import Fastify from "fastify";
import mercurius from "mercurius";
import pg from "pg";

const connectionString = process.argv[2];
const pool = new pg.Pool({ connectionString, max: 10 });

const schema = `
  enum ControlStatus { HELD CONTESTED VACANT DISPUTED UNKNOWN }
  type Query {
    control(location: ID!, at: String!, position: Int!): Control!
    controlMap(at: String!, position: Int!): [Control!]!
  }
  type Control {
    location: Location! status: ControlStatus! certain: Boolean! since: Occurred
    holders: [Actor!]! basis: Basis!
  }
  type Location { slug: ID! name: String! latitude: Float longitude: Float }
  type Occurred { earliest: String! latest: String! precision: String! }
  type Actor { slug: ID! name: String! }
  type Basis { position: Int! }
`;

const PERIOD = `id, location, status, certain, since_earliest, since_latest, since_precision`;
const ONE = {
  name: "control",
  text: `SELECT ${PERIOD} FROM control_period WHERE location = $1 AND valid_from <= $2
    AND valid_to > $2 AND known_from <= $3 AND known_to > $3`,
};
const ALL = {
  name: "map",
  text: `SELECT ${PERIOD} FROM control_period WHERE valid_from <= $1 AND valid_to > $1
    AND known_from <= $2 AND known_to > $2 ORDER BY location`,
};
const HOLDERS = {
  name: "holders",
  text: `SELECT period, actor.id AS slug, name FROM holder JOIN actor ON actor.id = actor
    WHERE period = ANY ($1) ORDER BY period, rank`,
};
const PLACES = {
  name: "places",
  text: `SELECT id AS slug, name, latitude, longitude FROM place WHERE id = ANY ($1)`,
};

const ask = async (statement, values) => (await pool.query({ ...statement, values })).rows;
const shown = (row, position) => ({ ...row, basis: { position } });

const resolvers = {
  Query: {
    control: async (_, { location, at, position }) =>
      shown((await ask(ONE, [location, at, position]))[0], position),
    controlMap: async (_, { at, position }) =>
      (await ask(ALL, [at, position])).map((row) => shown(row, position)),
  },
  Control: {
    since: (row) =>
      row.since_earliest && {
        earliest: row.since_earliest.toISOString(),
        latest: row.since_latest.toISOString(),
        precision: row.since_precision,
      },
  },
};

const uncached = (loader) => ({ loader, opts: { cache: false } });
const loaders = {
  Control: {
    holders: uncached(async (asked) => {
      const found = Map.groupBy(await ask(HOLDERS, [asked.map(({ obj }) => obj.id)]), (row) => row.period);
      return asked.map(({ obj }) => found.get(obj.id) ?? []);
    }),
    location: uncached(async (asked) => {
      const rows = await ask(PLACES, [asked.map(({ obj }) => obj.location)]);
      const found = new Map(rows.map((row) => [row.slug, row]));
      return asked.map(({ obj }) => found.get(obj.location));
    }),
  },
};

const app = Fastify({ logger: false });
app.register(mercurius, { schema, resolvers, loaders, jit: 1, graphiql: false });
await app.listen({ host: "127.0.0.1", port: 0 });
console.log(app.server.address().port);
