// TEMPORARY STUB BY LEAD: DATA, replace this file. listBackups(folder) and restoreBackup({file, backupsFolder, backup, now}).
export async function listBackups(_folder: string): Promise<[]> { return []; }
export async function restoreBackup(_options: object): Promise<void> {}
