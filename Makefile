# Type `make` to see the words. Everything that is missing is made first; what is current is not made again.
.DEFAULT_GOAL := words
.PHONY: words install train run chat understand answer test test-fast test-rasa lint bench coverage danger content locks clean
export PYTHONTZPATH :=
export RASA_TELEMETRY_ENABLED := false
APP   = $(shell sh tools/env.sh app)
DEV   = $(shell sh tools/env.sh dev)
WITH_BRAIN = eval "$$(sh tools/brain.sh)"

words:         ## show these words
	@grep -hE '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1|/' | awk -F'|' '{printf "%-20s %s\n", $$1, $$2}'

install: ## make both environments and train the model
	@$(APP) -c "" && $(WITH_BRAIN)

train: install ## the same: train if anything it is made of has changed

run: ## start Nightlight and print its address (NIGHTLIGHT_PORT, NIGHTLIGHT_HOME, NIGHTLIGHT_DATABASE_URL)
	@$(WITH_BRAIN) && exec $(APP) -m bot run

chat: ## the same conversation in the terminal
	@$(WITH_BRAIN) && exec $(APP) -m bot chat

understand: ## IN=in.jsonl OUT=out.jsonl: how messages are read
	@$(WITH_BRAIN) && exec $(APP) -m bot understand "$(IN)" "$(OUT)"

answer: ## IN=in.jsonl OUT=out.jsonl: whole conversations through the real path on a scratch database
	@$(WITH_BRAIN) && exec $(APP) -m bot answer "$(IN)" "$(OUT)"

content: ## check everything that is said to people
	@exec $(DEV) -m bot.library check

coverage: ## every intent: examples, guidance, rule, test
	@exec $(DEV) -m bot.evaluation coverage

danger: ## what the safety screen alone hears in messages whose writers had not seen its rules
	@exec $(DEV) -m bot.evaluation danger

test: ## the whole gate: fast tests, the brain's tests, real browser, real PostgreSQL where there is one
	@$(WITH_BRAIN) && sh tools/test.sh all

test-fast: ## everything that needs no Rasa, under a minute
	@sh tools/test.sh fast

test-rasa: ## what needs the trained brain
	@$(WITH_BRAIN) && sh tools/test.sh rasa

lint: ## ruff, mypy, import rules
	@sh tools/test.sh lint

bench: ## speed, memory and start beside the stock starter pipeline, as ratios in one run
	@$(WITH_BRAIN) && exec $(DEV) -m benchmarks

locks: ## compile the hash-pinned locks again from requirements/*.in
	@sh tools/lock.sh

clean: ## remove models and caches of this checkout (never data)
	rm -rf models .rasa .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
