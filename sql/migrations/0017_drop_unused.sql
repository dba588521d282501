-- Forgetting sweeps with statements of its own (sql/queries/forget.sql); nothing calls this.
DROP FUNCTION redact(text, text, text);

-- Whether a colleague has the same address is asked within one company; nothing asks a whole run.
DROP INDEX contacts_address;
