-- Statements for DuckDB; the variable `path` or `documents` is set before.

-- name: parquet
-- The file as it is, whatever columns it has.
CREATE TEMP VIEW file AS
SELECT * FROM read_parquet(getvariable('path'), file_row_number = true);

-- name: unpacked
-- Bytes and rows that the file says to hold, from its footer alone.
SELECT coalesce(sum(total_uncompressed_size), 0)::BIGINT,
       (SELECT sum(num_rows)::BIGINT FROM parquet_file_metadata(getvariable('path')))
FROM parquet_metadata(getvariable('path'));

-- name: geojson
-- The features' properties as columns. `documents` holds one FeatureCollection, or many Features.
-- (DuckDB's own JSON reader takes a file differently by the ending of its name.)
CREATE TEMP VIEW file AS
WITH document AS (
    SELECT from_json(text, '{
               "id": "VARCHAR", "properties": "JSON",
               "features": [{"id": "VARCHAR", "properties": "JSON"}]}') AS it
    FROM (SELECT unnest(getvariable('documents')) AS text)
), feature AS (
    SELECT unnest(coalesce(it.features, [{'id': it.id, 'properties': it.properties}])) AS it
    FROM document
), place AS (
    SELECT coalesce(it.properties ->> 'id', it.id) AS id,
           row_number() OVER () AS file_row_number,
           from_json(it.properties, '{
               "names": {"primary": "VARCHAR"},
               "categories": {"primary": "VARCHAR", "alternate": ["VARCHAR"],
                              "alternates": ["VARCHAR"]},
               "taxonomy": {"primary": "VARCHAR", "hierarchy": ["VARCHAR"],
                            "alternate": ["VARCHAR"], "alternates": ["VARCHAR"]},
               "basic_category": "VARCHAR",
               "operating_status": "VARCHAR",
               "open": "VARCHAR",
               "confidence": "DOUBLE",
               "websites": ["VARCHAR"],
               "phones": ["VARCHAR"],
               "addresses": [{"freeform": "VARCHAR", "locality": "VARCHAR", "postcode": "VARCHAR",
                              "region": "VARCHAR", "country": "VARCHAR"}]}') AS properties
    FROM feature
)
SELECT id, file_row_number, unnest(properties) FROM place;

-- name: places
-- One shape for every release, and no text longer than any place needs: columns that the file lacks are null. `categories` (until 2026) and
-- `taxonomy` with `basic_category` (since 2025) are joined to one list, the main one first.
CREATE TEMP VIEW places AS
WITH known AS (
    SELECT NULL::VARCHAR AS id,
           NULL::BIGINT AS file_row_number,
           NULL::STRUCT("primary" VARCHAR) AS names,
           NULL::STRUCT("primary" VARCHAR, alternate VARCHAR[], alternates VARCHAR[]) AS categories,
           NULL::STRUCT("primary" VARCHAR, hierarchy VARCHAR[], alternate VARCHAR[],
                        alternates VARCHAR[]) AS taxonomy,
           NULL::VARCHAR AS basic_category,
           NULL::VARCHAR AS operating_status,
           NULL::VARCHAR AS "open",
           NULL::DOUBLE AS confidence,
           NULL::VARCHAR[] AS websites,
           NULL::VARCHAR[] AS phones,
           NULL::STRUCT(freeform VARCHAR, locality VARCHAR, postcode VARCHAR, region VARCHAR,
                        country VARCHAR)[] AS addresses
    WHERE false
), shaped AS (
    SELECT * FROM known UNION ALL BY NAME SELECT * FROM file
)
SELECT id,
       file_row_number,
       left(names."primary", 1000) AS name,
       list_filter(
           list_concat(
               [taxonomy."primary", categories."primary", basic_category], categories.alternate,
               categories.alternates, taxonomy.alternate, taxonomy.alternates, taxonomy.hierarchy),
           lambda category: category IS NOT NULL AND length(category) < 200)[1:100] AS categories,
       operating_status,
       "open",
       confidence,
       list_transform(websites[1:20], lambda each: left(each, 2000)) AS websites,
       list_transform(phones[1:20], lambda each: left(each, 200)) AS phones,
       addresses[1] AS address
FROM shaped
WHERE length(id) < 500;

-- name: columns
-- What the file has.
SELECT column_name FROM (DESCRIBE file);

-- name: first
-- One place, to see that the columns hold what they should.
SELECT name, categories, confidence, websites, phones, left(address.freeform, 1)
FROM places WHERE name IS NOT NULL LIMIT 1;

-- name: folded
-- As app.records.criteria.folded, near enough for names of places.
CREATE TEMP MACRO folded(words) AS
    trim(regexp_replace(replace(strip_accents(lower(words)), 'ß', 'ss'), '[^\pL\pN]+', ' ', 'g'));

-- name: search
-- Places in business that match, in the order of their ids.
SELECT file_row_number, id, name, categories, confidence, websites, phones,
       left(address.freeform, 1000), left(address.locality, 1000), left(address.region, 1000),
       left(address.postcode, 1000), left(address.country, 1000)
FROM places
WHERE coalesce(operating_status, '') NOT ILIKE '%closed%'
  AND coalesce(lower("open"), '') NOT IN ('0', 'false')
  AND coalesce(confidence, 1) >= $confidence
  AND ($categories::VARCHAR[] IS NULL OR list_has_any(categories, $categories::VARCHAR[]))
  AND ($country::VARCHAR IS NULL OR upper(address.country) = $country::VARCHAR)
  AND ($states::VARCHAR[] IS NULL OR list_contains($states::VARCHAR[], folded(address.region)))
  AND ($city::VARCHAR IS NULL OR folded(address.locality) = $city::VARCHAR)
  AND ($after_id::VARCHAR IS NULL
       OR id > $after_id::VARCHAR OR (id = $after_id::VARCHAR AND file_row_number > $after_row::BIGINT))
ORDER BY id, file_row_number
LIMIT $limit;
