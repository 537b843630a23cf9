// Diagrams in Mermaid's language, drawn only when someone asks. The drawing is shown as an image: in it no script runs and
// nothing is loaded, whatever the model wrote. The library is fetched with the first one.

/** Larger ones would hold the page up. */
const MOST_CHARACTERS = 8_000;
const MOST_EDGES = 200;
const FONT = 'system-ui, sans-serif';

let drawn = 0;

export function isDiagram(language: string): boolean {
  return language.toLowerCase() === 'mermaid';
}

/** An image of its own size. Rejects when the source is too long or says nothing that can be drawn. */
export async function drawDiagram(source: string, name: string): Promise<HTMLImageElement> {
  if (source.length > MOST_CHARACTERS) throw new Error('Too long to be drawn');
  const { default: mermaid } = await import('mermaid');
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: 'strict',
    suppressErrorRendering: true,
    htmlLabels: false,
    flowchart: { htmlLabels: false },
    maxTextSize: MOST_CHARACTERS,
    maxEdges: MOST_EDGES,
    fontFamily: FONT,
    theme: isDark() ? 'dark' : 'neutral',
  });
  const place = measuringPlace();
  try {
    const { svg } = await mermaid.render(`diagram-${++drawn}`, source, place);
    return toImage(svg, name);
  } finally {
    place.remove();
  }
}

/** Texts are measured in the page, in the font that the image will have. */
function measuringPlace(): HTMLElement {
  const place = document.createElement('div');
  place.className = 'visually-hidden';
  place.setAttribute('aria-hidden', 'true');
  place.style.setProperty('font', `16px ${FONT}`);
  document.body.append(place);
  return place;
}

async function toImage(svg: string, name: string): Promise<HTMLImageElement> {
  const [, width = '600', height = '400'] = /viewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"/.exec(svg) ?? [];
  const sized = svg.replace(/<svg ([^>]*?)width="100%"/, `<svg $1width="${width}" height="${height}"`);
  const image = document.createElement('img');
  const address = URL.createObjectURL(new Blob([sized], { type: 'image/svg+xml' }));
  image.className = 'diagram';
  image.alt = name;
  image.src = address;
  try {
    await image.decode();
  } finally {
    URL.revokeObjectURL(address);
  }
  return image;
}

function isDark(): boolean {
  const forced = document.documentElement.dataset['theme'];
  return forced ? forced === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}
