-- Loads the airport's flights into H2 (DATABASE_TO_LOWER=TRUE), for a reader without other rights.
-- The script that runs it puts the path of the unpacked file and the reader's password in the place of the two words in capitals.
-- The database stays open between connections, which are then fast; its process closes it when it ends.
SET DB_CLOSE_DELAY -1;
CREATE TABLE IF NOT EXISTS flights (
  "month" BIGINT NOT NULL, "day" BIGINT NOT NULL, dep_time BIGINT, dep_delay BIGINT, arr_delay BIGINT, carrier VARCHAR(3) NOT NULL,
  flight BIGINT NOT NULL, tailnum VARCHAR(10), origin VARCHAR(3) NOT NULL, dest VARCHAR(3) NOT NULL, air_time BIGINT, distance BIGINT NOT NULL);
DELETE FROM flights;
INSERT INTO flights SELECT * FROM CSVREAD('FILE');
CREATE USER IF NOT EXISTS selvage_ro PASSWORD 'PASSWORD';
GRANT SELECT ON flights TO selvage_ro;
