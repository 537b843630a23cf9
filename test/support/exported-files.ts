// Small exports in the formats of other apps, made by hand: the same short talk in each, with a second answer where
// the format knows branches.

const SECONDS = 1_700_000_000;

export const chatGptConversation = {
  title: 'Capitals',
  create_time: SECONDS,
  update_time: SECONDS + 60.5,
  conversation_id: 'c-1',
  current_node: 'a2',
  mapping: {
    root: { id: 'root', message: null, parent: null, children: ['s'] },
    s: { id: 's', parent: 'root', message: chatGptMessage('system', ['Hidden']), children: ['q'] },
    q: {
      id: 'q',
      parent: 's',
      message: chatGptMessage('user', ['Capital of France?']),
      children: ['t', 'a1'],
    },
    t: {
      id: 't',
      parent: 'q',
      message: {
        author: { role: 'assistant' },
        content: { content_type: 'thoughts', thoughts: [{ summary: 'Think', content: 'It is easy.' }] },
      },
      children: ['a2'],
    },
    a1: { id: 'a1', parent: 'q', message: chatGptMessage('assistant', ['Paris, I think.']), children: [] },
    a2: {
      id: 'a2',
      parent: 't',
      message: chatGptMessage('assistant', ['Paris.', { content_type: 'image_asset_pointer' }]),
      children: [],
    },
  },
};

function chatGptMessage(role: string, parts: unknown[]): object {
  return { author: { role }, create_time: SECONDS + 1, content: { content_type: 'text', parts } };
}

export const claudeConversation = {
  uuid: 'u-1',
  name: 'Capitals',
  created_at: '2023-11-14T22:13:20.000Z',
  updated_at: '2023-11-14T22:14:20.000Z',
  chat_messages: [
    claudeMessage('m1', 'human', 'Capital of France?', '00000000-0000-4000-8000-000000000000'),
    claudeMessage('m2', 'assistant', 'Paris, I think.', 'm1'),
    {
      ...claudeMessage('m3', 'assistant', 'Paris.', 'm1'),
      content: [
        { type: 'thinking', thinking: 'It is easy.' },
        { type: 'text', text: 'Paris.' },
      ],
    },
  ],
};

function claudeMessage(uuid: string, sender: string, text: string, parent: string): object {
  const created_at = '2023-11-14T22:13:21.000Z';
  return { uuid, sender, text, content: [], attachments: [], created_at, parent_message_uuid: parent };
}

export const lmStudioConversation = {
  name: 'Capitals',
  createdAt: SECONDS * 1000,
  systemPrompt: 'Be brief.',
  messages: [
    {
      currentlySelected: 0,
      versions: [
        { type: 'singleStep', role: 'user', content: [{ type: 'text', text: 'Capital of France?' }] },
      ],
    },
    {
      currentlySelected: 1,
      versions: [
        {
          type: 'multiStep',
          role: 'assistant',
          steps: [{ type: 'contentBlock', content: [{ type: 'text', text: 'Paris, I think.' }] }],
        },
        {
          type: 'multiStep',
          role: 'assistant',
          steps: [
            {
              type: 'contentBlock',
              style: { type: 'thinking' },
              content: [{ type: 'text', text: 'It is easy.' }],
            },
            { type: 'contentBlock', content: [{ type: 'text', text: 'Paris.' }] },
            { type: 'debugInfoBlock', debugInfo: 'x' },
          ],
        },
      ],
    },
  ],
};

export const openWebUiConversation = {
  id: 'w-1',
  title: 'Capitals',
  created_at: SECONDS,
  updated_at: SECONDS + 60,
  chat: {
    title: 'Capitals',
    params: { system: 'Be brief.' },
    messages: [],
    history: {
      currentId: 'a2',
      messages: {
        q: {
          id: 'q',
          parentId: null,
          childrenIds: ['a1', 'a2'],
          role: 'user',
          content: 'Capital of France?',
          timestamp: SECONDS + 1,
        },
        a1: {
          id: 'a1',
          parentId: 'q',
          childrenIds: [],
          role: 'assistant',
          content: 'Paris, I think.',
          timestamp: SECONDS + 1,
        },
        a2: {
          id: 'a2',
          parentId: 'q',
          childrenIds: [],
          role: 'assistant',
          timestamp: SECONDS + 1,
          content:
            '<details type="reasoning" done="true" duration="2">\n<summary>Thought</summary>\n&gt; It is easy.\n</details>\nParis.',
        },
      },
    },
  },
};

export const janThread = { id: 'thread_1', object: 'thread', title: 'Capitals', created: SECONDS };
export const janMessages = [
  janMessage('q', 'user', 'Capital of France?'),
  janMessage('a', 'assistant', '<think>It is easy.</think>Paris.'),
];

function janMessage(id: string, role: string, value: string): object {
  const content = [{ type: 'text', text: { value, annotations: [] } }];
  return { id, object: 'thread.message', thread_id: 'thread_1', role, content, created_at: SECONDS + 1 };
}
