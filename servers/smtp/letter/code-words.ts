/** Words that announce a one-time code, in the languages mails of shops and banks are written in. */
export const announcing =
  /\b(?:one[- ]?time|otp|2fa|mfa|pin|tan|token|passcodes?|passwords?|verification|verify|\p{L}*codes?|c[oó]digos?|clave|contraseña|codice|kode|kod|kód|koodi|kood|k[oó]dem|passwort|kennwort|mot de passe|senha|lösenord)(?![\p{L}\p{N}])|код\p{L}*|парол\p{L}*|验证码|驗證碼|校验码|动态码|認証|コード|인증|코드|رمز|كود|קוד|รหัส|κωδικ\p{L}*/giu;

/** Codes of another kind. */
export const otherCodes =
  /\b(?:zip|postal|post|area|country|promo\p{L}*|discount|coupon|voucher|gift|referral|error|status|exit|bar|qr|dress|source|sort|swift|dial\p{L}*|product|rabatt|gutschein|aktions)[\s-]*codes?/giu;

/** What stands before a number that names something: an order, an account, a telephone. */
export const naming =
  /(?:\b(?:orders?|invoice|receipt|ticket|case|account|acct|customer|client|member(?:ship)?|tracking|booking|reservation|flight|ref(?:erence)?|transaction|article|item|sku|model|version|build|port|room|suite|apt|unit|p\.?\s?o\.? box|postfach|bestell\p{L}*|auftrag\p{L}*|rechnung\p{L}*|kunden\p{L}*|konto\p{L}*|commande|facture|pedido|factura|ordine|fattura|tel(?:ephone|efon)?|phone|mobile|fax|call|ending in|rfc|iso|iban|vat|copyright)\b|[#№+©])[\s.:#№]*(?:(?:number|num|no|nr|id|is)\b[\s.:#№]*){0,2}$/iu;

/** What stands before or after an amount. */
export const moneyBefore = /(?:[$€£¥₹₽₩]|\b(?:usd|eur|gbp|chf|jpy|cad|aud|rs|kr|zł))\.?\s?$/iu;
export const unitAfter =
  /^(?:[.,]\d|\s?(?:[%$€£¥₹₽₩°]|(?:usd|eur|euros?|gbp|chf|jpy|cad|aud|dollars?|pounds?|kr|zł|minutes?|mins?|hours?|seconds?|secs?|days?|weeks?|months?|years?|minuten|stunden|sekunden|tage|uhr|minutos|horas|heures|km|kg|[kmg]i?b|bytes|px|points?|users?|people|members?|customers|items|times)\b))/iu;
