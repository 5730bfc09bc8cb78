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

    public Transaction(StateStore store) {
        this.store = store;
    }

    /** Runs once the changes are durable, not at all where they are undone. */
    void then(Runnable effect) {
        effects.add(effect);
    }

    @Override
    public void commit() {
        List<Runnable> due = List.copyOf(effects);
        effects.clear();
        store.commit();
        due.forEach(Runnable::run);
    }

    @Override
    public void rollback() {
        effects.clear();
        store.rollback();
    }
}
