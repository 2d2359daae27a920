import { flat } from './quotes.ts';

const MARK = /^(?:--|—|–|-- ?|_{2,40}|-{3,60}|={4,60}|\+{2,40})$/;
const CLOSING =
  /^(?:(?:tres |bien |meilleures? |sinceres? |cordiales? |respectueu[sx]\w{0,4} |salutations? |avec mes |kind |best |warm )*(?:cordialement|respectueusement|salutations?|sentiments|amities|remerciements|regards|wishes)|bien a (?:vous|toi)|cdlt|cdt|crdlt|sincerely|yours (?:sincerely|faithfully|truly)|cheers|bonne (?:journee|soiree|reception|continuation|fin de journee|nuit)|excellente journee|belle journee|(?:nous vous prions|je vous prie|veuillez) (?:d'agreer|de croire|agreer|recevoir|croire)|dans l'attente|restant a votre|(?:nous restons|je reste) a votre)\b.{0,160}$/;
const DEVICE =
  /^(?:envoye (?:de mon|depuis|a partir|avec|par|de) .{1,80}|sent (?:from|with|via) .{1,80}|get outlook for .{1,80}|(?:obtenez|obtenir|telecharger|telechargez) (?:outlook|bluemail) .{0,80}|provenance : courrier .{0,40})$/;
const NOTICE =
  /^(?:(?:ce (?:message|courriel|mail|courrier)|this (?:e-?mail|message)|le present message) .{0,200}(?:confidenti|destinataire|intended|protege|piece|attachment)|avant d'imprimer|pensez a l'environnement|please consider the environment|\[?cid:)/;

/**
 * The lines above the signature. A closing on the first line with words is no signature («Bonne journée» alone says
 * nothing either way, the rest is then read).
 */
export function withoutSignature(lines: readonly string[]): string[] {
  const first = lines.findIndex((line) => line.trim() !== '');
  const cut = lines.findIndex((line, at) => at > first && opensSignature(line));
  const above = cut < 0 ? lines : lines.slice(0, cut);
  return above.filter((line) => !DEVICE.test(flat(line)));
}

function opensSignature(line: string): boolean {
  if (MARK.test(line.trim())) return true;
  const words = flat(line);
  return CLOSING.test(words) || DEVICE.test(words) || NOTICE.test(words);
}
