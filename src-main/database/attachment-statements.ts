// The statements of the attachment repository.
import type { WriteDatabase } from './connection.ts';

export interface AttachmentRow {
  id: number;
  documentId: number;
  conversationId: number | null;
  messageId: number | null;
  kind: string;
  name: string;
  characters: number;
  pages: number | null;
  notes: string;
  use: string;
  limitCharacters: number | null;
  tokens: number | null;
  givenTokens: number | null;
  until: string | null;
  passages: string | null;
}

const SELECT = `
  SELECT a.id, a.document_id AS documentId, a.conversation_id AS conversationId, a.message_id AS messageId, d.kind, d.name,
    d.characters, d.pages, d.notes, a.use, a.limit_characters AS limitCharacters, a.tokens, a.given_tokens AS givenTokens,
    a.until, a.passages
  FROM attachments a JOIN documents d ON d.id = a.document_id`;

const THESE = 'id IN (SELECT value FROM json_each(:ids)) AND message_id IS NULL AND removed_at IS NULL';

export function prepareAttachmentStatements(db: WriteDatabase) {
  return {
    ...prepareDocuments(db),
    ...prepareSweeping(db),
    attach: db.command<{ id: number }>(`
      INSERT INTO attachments(document_id, conversation_id, created_at) VALUES (:documentId, :conversationId, :now)
      RETURNING id`),
    get: db.query<AttachmentRow>(`${SELECT} WHERE a.id = :id AND a.removed_at IS NULL`),
    ofDraft: db.query<AttachmentRow>(`
      ${SELECT} WHERE a.message_id IS NULL AND a.conversation_id IS :conversationId AND a.removed_at IS NULL
      ORDER BY a.id`),
    ofMessage: db.query<AttachmentRow>(`${SELECT} WHERE a.message_id = :messageId ORDER BY a.id`),
    ofConversation: db.query<AttachmentRow>(`
      ${SELECT} WHERE a.conversation_id = :conversationId AND a.message_id IS NOT NULL ORDER BY a.id`),
    send: db.command(
      `UPDATE attachments SET message_id = :messageId, conversation_id = :conversationId WHERE ${THESE}`,
    ),
    // Passages were chosen for another wording of the question.
    copy: db.command(`
      INSERT INTO attachments(
        document_id, conversation_id, message_id, use, limit_characters, tokens, given_tokens, until, created_at
      )
      SELECT document_id, :conversationId, :messageId, use, limit_characters, tokens, given_tokens, until, :now
      FROM attachments WHERE message_id = :fromMessageId ORDER BY id`),
    choose: db.command(`
      UPDATE attachments SET use = :use, limit_characters = :limitCharacters, tokens = :tokens,
        given_tokens = :givenTokens, until = :until, passages = NULL
      WHERE id = :id`),
    keepPassages: db.command('UPDATE attachments SET passages = :passages WHERE id = :id'),
    move: db.command(`UPDATE attachments SET conversation_id = :conversationId WHERE ${THESE}`),
    remove: db.command('UPDATE attachments SET removed_at = :now WHERE id = :id AND message_id IS NULL'),
    restore: db.command('UPDATE attachments SET removed_at = NULL WHERE id = :id'),
    erase: db.command('DELETE FROM attachments WHERE id = :id AND message_id IS NULL'),
  };
}

function prepareDocuments(db: WriteDatabase) {
  return {
    findDocument: db.query<{ id: number }>('SELECT id FROM documents WHERE sha256 = :sha256'),
    createDocument: db.command<{ id: number }>(`
      INSERT INTO documents(kind, name, characters, pages, notes, created_at)
      VALUES (:kind, :name, :characters, :pages, :notes, :now) RETURNING id`),
    addPart: db.command(
      'INSERT INTO document_parts(document_id, place, text) VALUES (:documentId, :place, :text)',
    ),
    finishDocument: db.command('UPDATE documents SET sha256 = :sha256 WHERE id = :id'),
    removeDocument: db.command('DELETE FROM documents WHERE id = :id'),
    text: db.query<{ text: string }>(
      `SELECT group_concat(text, '' ORDER BY place) AS text FROM document_parts WHERE document_id = :documentId`,
    ),
    part: db.query<{ text: string }>(
      'SELECT text FROM document_parts WHERE document_id = :documentId AND place = :place',
    ),
    named: db.query<{ id: number; name: string; characters: number }>(`
      SELECT max(a.id) AS id, d.name, d.characters
      FROM documents d JOIN attachments a ON a.document_id = d.id
      LEFT JOIN conversations c ON c.id = a.conversation_id LEFT JOIN messages m ON m.id = a.message_id
      WHERE d.kind <> 'conversation' AND d.name LIKE :pattern ESCAPE '\\'
        AND a.removed_at IS NULL AND m.removed_at IS NULL AND c.deleted_at IS NULL
      GROUP BY d.id ORDER BY max(a.id) DESC LIMIT :limit`),
  };
}

const ENDED = 'SELECT id FROM documents WHERE sha256 IS NULL AND created_at = 0 LIMIT 1';

function prepareSweeping(db: WriteDatabase) {
  return {
    eraseParts: db.command(`
      DELETE FROM document_parts WHERE id IN (
        SELECT id FROM document_parts WHERE document_id = (${ENDED}) LIMIT 8
      )`),
    eraseDocument: db.command(`DELETE FROM documents WHERE id = (${ENDED})`),
    sweepDraft: db.command(`
      DELETE FROM attachments WHERE id = (
        SELECT id FROM attachments
        WHERE message_id IS NULL AND (created_at < :draftsBefore OR removed_at < :restBefore) LIMIT 1
      )`),
    sweepDocument: db.command(`
      DELETE FROM documents WHERE id = (
        SELECT d.id FROM documents d WHERE d.created_at < :restBefore
          AND NOT EXISTS (SELECT 1 FROM attachments a WHERE a.document_id = d.id) LIMIT 1
      )`),
  };
}
