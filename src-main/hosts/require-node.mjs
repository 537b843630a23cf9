// Stops an older Node with one sentence before anything native is loaded: better-sqlite3 crashes there. Plain
// JavaScript that old versions can parse too. Must be the first thing that every entry and script loads.
const NEEDED = 24;
const major = Number(process.versions.node.split('.')[0]);

if (!process.versions.electron && major < NEEDED) {
  process.stderr.write(
    `Lapidary needs Node ${NEEDED}, and this is Node ${process.versions.node}: use "npm start", which brings its own.\n`,
  );
  process.exit(1);
}
