// Hands a text to the person as a file, through the page's own download: it works in both hosts.

/** The window's download puts it where the person's downloads go, or asks. */
export function saveTextFile(name: string, text: string, mediaType: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: mediaType }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download has begun with the click; the text may go.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
