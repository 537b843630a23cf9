// PDF.js set up to read text and nothing else: no scripts, no forms, no fonts or pictures drawn, nothing fetched.
import { readFile } from 'node:fs/promises';
import * as worker from 'pdfjs-dist/legacy/build/pdf.worker.mjs';
import {
  getDocument,
  InvalidPDFException,
  PasswordException,
  PasswordResponses,
} from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { AppError } from '#contract/errors.ts';

/** The tables for Chinese, Japanese and Korean characters; the build copies them beside this file. */
const CHARACTER_MAPS = import.meta.url.endsWith('.ts')
  ? new URL('../../../node_modules/pdfjs-dist/cmaps/', import.meta.url)
  : new URL('./cmaps/', import.meta.url);

// It then parses in this thread, which is there for nothing else.
Object.assign(globalThis, { pdfjsWorker: worker });

class LocalFiles {
  async fetch({ kind, filename }: { kind: string; filename: string }): Promise<Uint8Array> {
    // The name comes from the document.
    if (kind !== 'cMapUrl' || !/^[\w-]+\.bcmap$/.test(filename)) throw new Error(`No ${kind} for text`);
    return new Uint8Array(await readFile(new URL(filename, CHARACTER_MAPS)));
  }
}

/** @throws AppError file-encrypted, file-password-wrong, file-encryption-unknown, file-damaged */
export async function openPdf(data: Uint8Array, password: string | undefined): Promise<PDFDocumentProxy> {
  const loading = getDocument({
    data,
    ...(password !== undefined && { password }),
    BinaryDataFactory: LocalFiles,
    cMapUrl: 'cmaps/',
    cMapPacked: true,
    useWorkerFetch: false,
    useSystemFonts: true,
    disableFontFace: true,
    useWasm: false,
    isOffscreenCanvasSupported: false,
    isImageDecoderSupported: false,
    enableXfa: false,
    maxImageSize: 0,
    verbosity: 0,
  });
  try {
    return await loading.promise;
  } catch (error) {
    if (error instanceof PasswordException) {
      const wrong = error.code === PasswordResponses.INCORRECT_PASSWORD;
      throw new AppError(wrong ? 'file-password-wrong' : 'file-encrypted', 'A password is needed');
    }
    const message = error instanceof Error ? error.message : '';
    if (/encrypt|unsupported.*(filter|algorithm)/i.test(message)) {
      throw new AppError('file-encryption-unknown', 'An unknown encryption', { cause: error });
    }
    if (error instanceof InvalidPDFException) {
      throw new AppError('file-damaged', 'Not a valid PDF', { cause: error });
    }
    throw error;
  }
}
