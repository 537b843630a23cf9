// The environment that engine processes start with: ours without what belongs only to the process it came from, and
// without a secret, as they read files that strangers made.

const NOT_INHERITED = ['ELECTRON_RUN_AS_NODE', 'NODE_OPTIONS', 'WATCH_REPORT_DEPENDENCIES', 'HF_TOKEN'];

/** The present environment with `added`, fit for a child process. */
export function engineEnvironment(added: Record<string, string>): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !NOT_INHERITED.includes(entry[0]),
  );
  return { ...Object.fromEntries(inherited), ...added };
}
