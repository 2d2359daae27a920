import type { Form } from '../domain/survey/form.ts';
import type { Sql } from './database.ts';
export async function publishedVersion(db: Sql, form: string): Promise<number | null> { throw new Error(`stub ${form} ${String(db)}`); }
export async function readForm(db: Sql, form: string, version: number): Promise<Form> { throw new Error(`stub ${form} ${version} ${String(db)}`); }
