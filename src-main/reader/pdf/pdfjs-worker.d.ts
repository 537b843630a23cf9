// The half of PDF.js that parses has no types of its own; it is only handed to the other half.
declare module 'pdfjs-dist/legacy/build/pdf.worker.mjs' {
  export const WorkerMessageHandler: unknown;
}
