/** What a file dialog offers; what else is chosen is tried all the same. */
export const READABLE_ENDINGS = '.pdf,.docx,.odt,.epub,.html,.htm,.md,.markdown,.rtf,.txt,.srt,.vtt,text/*';
