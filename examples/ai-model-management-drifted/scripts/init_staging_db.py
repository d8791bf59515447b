"""Makes the indexes and the seed data of the staging database."""

import argparse
import os

from pymongo import ASCENDING, DESCENDING, MongoClient

INDEXES = {
    "users": [([("email", ASCENDING)], True)],
    "models": [([("provider", ASCENDING), ("status", ASCENDING)], False)],
    "evaluations": [
        ([("user_id", ASCENDING), ("created_at", DESCENDING)], False),
        ([("model_id", ASCENDING), ("status", ASCENDING)], False),
        ([("user_id", ASCENDING), ("model_id", ASCENDING), ("created_at", DESCENDING)], False),
    ],
    "files": [([("user_id", ASCENDING), ("upload_status", ASCENDING)], False)],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connection-string", default=os.environ.get("STAGING_MONGO_URL"))
    parser.add_argument("--create-indexes", action="store_true")
    parser.add_argument("--seed-data", action="store_true")
    options = parser.parse_args()
    database = MongoClient(options.connection_string).get_default_database()
    if options.create_indexes:
        for collection, indexes in INDEXES.items():
            for keys, unique in indexes:
                database[collection].create_index(keys, unique=unique)
    if options.seed_data:
        database.models.update_one({"provider": "demo"}, {"$set": {"status": "active"}}, upsert=True)


if __name__ == "__main__":
    main()
