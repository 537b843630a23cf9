// The channels of notes.
import type { Contract } from '#contract/index.ts';
import type { Handlers } from '#rpc/define.ts';
import type { AnswerWriter } from './answer-writer.ts';
import type { NoteService } from './note-service.ts';

type NoteChannels = Extract<keyof Handlers<Contract>, `notes.${string}`>;

interface NoteServices {
  notes: NoteService;
  writer: AnswerWriter;
}

export function noteHandlers(services: () => NoteServices): Pick<Handlers<Contract>, NoteChannels> {
  return {
    'notes.watch': ({ conversationId }, signal) => services().notes.watch(conversationId, signal),
    'notes.edit': ({ id, text }) => services().notes.edit(id, text),
    'notes.remove': ({ id }) => services().notes.remove(id),
    'notes.restore': ({ id }) => services().notes.restore(id),
    async *'notes.remake'({ id }, signal) {
      for await (const event of services().notes.remake(id, signal)) {
        if (event.type === 'noting') yield { progress: event.progress };
      }
    },
    'notes.skip': ({ conversationId }) => services().writer.skipNote(conversationId),
  };
}
