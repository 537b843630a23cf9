// The families whose templates the engine must follow to the token, each as a small model. The templates are written
// anew by the rules that the families publish: what matters to a conversation, without tools, images and the like.
import type { TemplateFamily } from './template-models.ts';

const TURNS = `{% for message in messages %}{% set role = 'model' if message['role'] == 'assistant' else message['role'] %}`;

const gemma = {
  words: 'pieces',
  controls: ['<bos>', '<eos>', '<start_of_turn>', '<end_of_turn>'],
  ends: '<eos>',
} as const;

/** Gemma 1 and 2: a system message is an error. */
export const GEMMA_2: TemplateFamily = {
  ...gemma,
  controls: [...gemma.controls],
  architecture: 'gemma',
  template:
    `{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('No system') }}{% endif %}${TURNS}` +
    `{{ '<start_of_turn>' + role + '\\n' + message['content'] | trim + '<end_of_turn>\\n' }}{% endfor %}` +
    `{% if add_generation_prompt %}{{ '<start_of_turn>model\\n' }}{% endif %}`,
};

/** Gemma 3: the system message goes in front of the first question. */
export const GEMMA_3: TemplateFamily = {
  ...gemma,
  controls: [...gemma.controls],
  architecture: 'gemma3',
  window: 128,
  template:
    `{{ bos_token }}{% set prefix = '' %}{% if messages[0]['role'] == 'system' %}` +
    `{% set prefix = messages[0]['content'] + '\\n\\n' %}{% set messages = messages[1:] %}{% endif %}${TURNS}` +
    `{{ '<start_of_turn>' + role + '\\n' + (prefix if loop.first else '') + message['content'] | trim }}` +
    `{{ '<end_of_turn>\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<start_of_turn>model\\n' }}{% endif %}`,
};

/** Gemma 4, E2B and E4B; `asked`: what asks for thoughts, which early files write without the end of the line. */
const gemma4 = (asked: string, silent: string): TemplateFamily => ({
  ...gemma,
  architecture: 'gemma',
  controls: ['<bos>', '<eos>', '<|turn>', '<turn|>', '<|think|>', '<|channel>', '<channel|>'],
  template:
    `{{ bos_token }}{% if enable_thinking or messages[0]['role'] == 'system' %}{{ '<|turn>system\\n' }}` +
    `{% if enable_thinking %}{{ '${asked}' }}{% endif %}{% if messages[0]['role'] == 'system' %}` +
    `{{ messages[0]['content'] | trim }}{% set messages = messages[1:] %}{% endif %}{{ '<turn|>\\n' }}{% endif %}` +
    `${TURNS}{{ '<|turn>' + role + '\\n' + message['content'] | trim + '<turn|>\\n' }}{% endfor %}` +
    `{% if add_generation_prompt %}{{ '<|turn>model\\n' }}${silent}{% endif %}`,
});

export const GEMMA_4_SMALL = gemma4('<|think|>\\n', '');
export const GEMMA_4_LARGE = gemma4(
  '<|think|>\\n',
  `{% if not enable_thinking %}{{ '<|channel>thought\\n<channel|>' }}{% endif %}`,
);
export const GEMMA_4_EARLY = gemma4('<|think|>', '');

const chatMl = (addBos: boolean): TemplateFamily => ({
  architecture: 'llama',
  words: 'bytes',
  controls: ['<|endoftext|>', '<|im_start|>', '<|im_end|>'],
  ends: '<|im_end|>',
  addBos,
  template:
    `{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] }}` +
    `{{ '<|im_end|>\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}`,
});

/** As Qwen has it: no token begins a conversation. */
export const CHAT_ML = chatMl(false);
/** As finetunes of Llama have it: its tokenizer begins every text. */
export const CHAT_ML_BEGUN = chatMl(true);

export const LLAMA_3: TemplateFamily = {
  architecture: 'llama',
  words: 'bytes',
  controls: [
    '<|begin_of_text|>',
    '<|start_header_id|>',
    '<|end_header_id|>',
    '<|eot_id|>',
    '<|end_of_text|>',
  ],
  ends: '<|eot_id|>',
  template:
    `{{ bos_token }}{% for message in messages %}{{ '<|start_header_id|>' + message['role'] }}` +
    `{{ '<|end_header_id|>\\n\\n' + message['content'] | trim + '<|eot_id|>' }}{% endfor %}` +
    `{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}`,
};
