// The channels of a conversation's branches.
import type { Contract } from '#contract/index.ts';
import type { Handlers } from '#rpc/define.ts';
import type { BranchService } from './branch-service.ts';
import type { ChatService } from './chat-service.ts';

type BranchChannels = Extract<keyof Handlers<Contract>, `branches.${string}`>;

interface BranchServices {
  chat: ChatService;
  branches: BranchService;
}

export function branchHandlers(services: () => BranchServices): Pick<Handlers<Contract>, BranchChannels> {
  return {
    'branches.tree': ({ conversationId }) => services().branches.tree(conversationId),
    'branches.show': ({ messageId }) => services().branches.show(messageId),
    'branches.edit': ({ messageId, text }, signal) => services().chat.edit(messageId, text, signal),
    'branches.rewrite': ({ messageId, text }) => services().branches.rewrite(messageId, text),
    'branches.continue': ({ messageId }, signal) => services().chat.continue(messageId, signal),
    'branches.remove': ({ messageId }) => services().branches.remove(messageId),
    'branches.restore': ({ messageId }) => services().branches.restore(messageId),
    'branches.fork': ({ messageId }) => services().branches.fork(messageId),
  };
}
