-- What the pages of the file and of the figures keep.

-- Former names of an organiser or location, so that whoever seeks an old name finds it, and what it was merged into.
ALTER TABLE organiser ADD COLUMN former TEXT[] DEFAULT '{}' NOT NULL;
ALTER TABLE organiser ADD COLUMN merged BIGINT CONSTRAINT fk_organiser_merged REFERENCES organiser (id);
ALTER TABLE location ADD COLUMN former TEXT[] DEFAULT '{}' NOT NULL;
ALTER TABLE location ADD COLUMN merged BIGINT CONSTRAINT fk_location_merged REFERENCES location (id);
