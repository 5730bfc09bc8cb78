package dev.thaw.scheduler.control;

import dev.thaw.scheduler.control.state.StateStore;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What one operation changes in the store, and what is to happen once that is durable and before the answer is given.
 *
 * <p>Threading: the control plane's thread.
 */
public final class Transaction implements Changes {
    private final StateStore store;
    /** Functions of which something was changed that matters to their asynchronous invocations. */
    private final Set<String> touched = new LinkedHashSet<>();

    private final Consumer<String> onTouched;
    private final List<Runnable> effects = new ArrayList<>();
    private final List<Runnable> undoings = new ArrayList<>();

    /** Tells of each function that was touched once that is durable. */
    Transaction(StateStore store, Consumer<String> onTouched) {
        this.store = store;
        this.onTouched = onTouched;
    }

    /** Something of this function is changed. */
    void touch(String name) {
        touched.add(name);
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
        List<String> names = List.copyOf(touched);
        touched.clear();
        names.forEach(onTouched);
        due.forEach(Runnable::run);
    }

    @Override
    public void rollback() {
        touched.clear();
        effects.clear();
        List<Runnable> due = List.copyOf(undoings);
        undoings.clear();
        store.rollback();
        due.forEach(Runnable::run);
    }
}
