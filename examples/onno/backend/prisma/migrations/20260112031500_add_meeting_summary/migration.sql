-- Adds only: the version that runs now ignores the new columns.
ALTER TABLE "Meeting" ADD COLUMN "summary" TEXT;
ALTER TABLE "Meeting" ADD COLUMN "summarizedAt" TIMESTAMP(3);
