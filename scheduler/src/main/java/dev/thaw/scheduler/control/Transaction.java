package dev.thaw.scheduler.control;

import dev.thaw.scheduler.control.state.StateStore;
import java.util.ArrayList;
import java.util.List;

/**
 * What one operation changes in the store, and what is to happen once that is durable and before the answer is given.
 *
 * <p>Threading: the control plane's thread.
 */
public final class Transaction implements Changes {
    private final StateStore store;
    private final List<Runnable> effects = new ArrayList<>();
    private final List<Runnable> undoings = new ArrayList<>();

    public Transaction(StateStore store) {
        this.store = store;
    }

    /** Runs once the changes are durable, not at all where they are undone. */
    void then(Runnable effect) {
        effects.add(effect);
    }

    /** Runs where the changes are undone, not at all once they are durable. */
    void orElse(Runnable undoing) {
        undoings.add(undoing);
    }

    /** Where it throws, {@link #rollback} is still to be called. */
    @Override
    public void commit() {
        store.commit();
        undoings.clear();
        List<Runnable> due = List.copyOf(effects);
        effects.clear();
        due.forEach(Runnable::run);
    }

    @Override
    public void rollback() {
        effects.clear();
        List<Runnable> due = List.copyOf(undoings);
        undoings.clear();
        store.rollback();
        due.forEach(Runnable::run);
    }
}
