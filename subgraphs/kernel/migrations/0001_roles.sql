-- Services come as fedra_app, system work as fedra_system; neither owns a table.
GRANT USAGE ON SCHEMA {schema} TO fedra_app, fedra_system;

-- CALL {schema}.protect('{schema}.name') once for each table that has `tenant_id text`:
-- fedra_app sees and writes rows of its transaction's tenant only, whatever its statement says.
CREATE PROCEDURE {schema}.protect(relation regclass) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', relation);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', relation);
    EXECUTE format(
        'CREATE POLICY tenant ON %s TO fedra_app USING (tenant_id = current_setting(''fedra.tenant'', true))'
        || ' WITH CHECK (tenant_id = current_setting(''fedra.tenant'', true))', relation);
    EXECUTE format('CREATE POLICY everything ON %s TO fedra_system USING (true) WITH CHECK (true)', relation);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO fedra_app, fedra_system', relation);
END
$$;
REVOKE EXECUTE ON PROCEDURE {schema}.protect(regclass) FROM PUBLIC;
